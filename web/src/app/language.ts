import { i18n } from "@lingui/core";

export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = "sightline.language";

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** Return the language chosen earlier in this browser, else the first one of the browser that we speak. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  const offered = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return offered ?? "en";
}

/** Load the catalog of a language and show the whole page in it. */
export async function showLanguage(language: Language): Promise<void> {
  const catalog = language === "es" ? await import("../locales/es.po") : await import("../locales/en.po");
  i18n.loadAndActivate({ locale: language, messages: catalog.messages });
  document.documentElement.lang = language;
}

/** Show a language and remember it in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await showLanguage(language);
}
