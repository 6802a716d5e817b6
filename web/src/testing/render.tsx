import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { queryClient } from "../api/queryClient";
import { messages as en } from "../locales/en.po";
import { messages as es } from "../locales/es.po";

i18n.load({ en, es });

/** Render inside what the application gives every page, in one language. */
export function renderIn(language: "en" | "es", element: ReactNode) {
  i18n.activate(language);
  return render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>{element}</QueryClientProvider>
    </I18nProvider>,
  );
}
