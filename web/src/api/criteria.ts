import { useQuery } from "@tanstack/react-query";
import { bodyOf, type Schemas, wire } from "./client";

/** One line of the Minimum Security Criteria as it applies to a validation. */
export type CriterionView = Schemas["CriterionView"];

export function useCriteria(validationId: string) {
  return useQuery({
    queryKey: ["criteria", validationId],
    queryFn: async ({ signal }): Promise<CriterionView[]> => {
      const params = { path: { validation_id: validationId } };
      return (await bodyOf(wire.GET("/api/validations/{validation_id}/criteria", { params, signal }))).items;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Load an office's own wording of the criteria, CSV or JSON; resolves with how many texts the edition has now. */
export async function loadTexts(editionId: string, file: File): Promise<number> {
  const mediaType = file.name.toLowerCase().endsWith(".json") ? "application/json" : "text/csv";
  const answer = await bodyOf(
    wire.POST("/api/editions/{edition_id}/texts", {
      params: { path: { edition_id: editionId } },
      headers: { "content-type": mediaType },
      body: await file.text(),
      // The file goes as it is; by default it would be wrapped in a JSON string.
      bodySerializer: (text) => text,
    }),
  );
  return answer.texts;
}
