import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { renderIn } from "../testing/render";
import { ComboBox } from "./ComboBox";

const CITIES = [
  { value: "mty", label: "Monterrey" },
  { value: "merida", label: "Mérida" },
  { value: "lrd", label: "Laredo" },
];

function Cities() {
  const [city, setCity] = useState("");
  return (
    <>
      <ComboBox label="City" name="city" options={CITIES} value={city} onChange={setCity} />
      <output>{city}</output>
    </>
  );
}

test("typing filters without regard to accents and case, arrows and Enter choose", async () => {
  renderIn("en", <Cities />);
  const field = screen.getByRole("combobox", { name: "City" });
  await userEvent.type(field, "ME");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Mérida"]);
  await userEvent.clear(field);
  await userEvent.type(field, "e{ArrowDown}{ArrowDown}{Enter}");
  expect(screen.getByRole("status").textContent).toBe("lrd");
  expect(field).toHaveProperty("value", "Laredo");
  expect(field.getAttribute("aria-expanded")).toBe("false");
});

test("Escape closes the list and keeps the earlier choice", async () => {
  renderIn("en", <Cities />);
  const field = screen.getByRole("combobox", { name: "City" });
  await userEvent.type(field, "lar{Enter}");
  await userEvent.type(field, "x{Escape}");
  expect(field).toHaveProperty("value", "Laredo");
});

test("nothing found says so in the reader's language", async () => {
  renderIn("es", <Cities />);
  await userEvent.type(screen.getByRole("combobox", { name: "City" }), "zzz");
  expect(screen.getByText("No hay coincidencias. Pruebe con menos letras.")).toBeTruthy();
});
