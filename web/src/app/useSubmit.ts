import { useMutation } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { ProblemError } from "../api/client";

interface Submission {
  onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
  busy: boolean;
  error: Error | null;
  /** Whether the server refused the value of this field. */
  wrong: (name: string) => boolean;
}

/** Send a native form once at a time; `send` turns its fields into a request, `done` runs after success. */
export function useSubmit<Result>(
  send: (form: FormData) => Promise<Result>,
  done: (result: Result, form: HTMLFormElement) => void,
): Submission {
  const mutation = useMutation({
    mutationFn: (form: HTMLFormElement) => send(new FormData(form)),
    onSuccess: (result, form) => done(result, form),
  });
  return {
    onSubmit: (event) => {
      event.preventDefault();
      if (!mutation.isPending) mutation.mutate(event.currentTarget);
    },
    busy: mutation.isPending,
    error: mutation.error,
    wrong: (name) => refusedFields(mutation.error).has(name),
  };
}

/** Names of the body fields in a `request_invalid` problem. */
function refusedFields(error: Error | null): Set<string> {
  const errors = error instanceof ProblemError ? error.problem.errors : undefined;
  const places = Array.isArray(errors) ? errors.map(placeOf) : [];
  return new Set(places);
}

function placeOf(error: unknown): string {
  const where = typeof error === "object" && error !== null && "where" in error ? String(error.where) : "";
  return where.split(".")[1] ?? "";
}

/** The trimmed text of a form field. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === "string");
}
