import { useQuery } from "@tanstack/react-query";
import { get, postBytes } from "./client";

/** A part of a criterion that is answered with it. */
export interface SubItem {
  readonly level: "must" | "should";
  readonly gist: string;
  readonly gist_es: string;
}

/** One line of the Minimum Security Criteria as it applies to a validation. */
export interface CriterionView {
  readonly id: string;
  readonly category: number;
  readonly category_name: string;
  readonly category_name_es: string;
  readonly level: "must" | "should";
  readonly gist: string;
  readonly gist_es: string;
  readonly sub_items: readonly SubItem[];
  readonly verify_by: readonly string[];
  readonly typical_evidence: readonly string[];
  readonly typical_evidence_es: readonly string[];
  readonly remote_fit: string;
  /** The summary is not confirmed for this entity type: look into the official booklet. */
  readonly check_booklet: boolean;
  readonly official_text: string | null;
}

export function useCriteria(validationId: string) {
  return useQuery({
    queryKey: ["criteria", validationId],
    queryFn: async ({ signal }) =>
      (await get<{ items: CriterionView[] }>(`/validations/${validationId}/criteria`, signal)).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Load an office's own wording of the criteria; resolves with how many texts the edition has now. */
export function loadTexts(editionId: string, file: File): Promise<{ texts: number }> {
  const mediaType = file.name.toLowerCase().endsWith(".json") ? "application/json" : "text/csv";
  return postBytes(`/editions/${editionId}/texts`, file, mediaType);
}
