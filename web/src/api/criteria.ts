import { useQuery } from "@tanstack/react-query";
import { get, postBytes } from "./client";

/** One line of the Minimum Security Criteria as it applies to a validation. */
export interface CriterionView {
  readonly id: string;
  readonly category: number;
  readonly category_name: string;
  readonly level: "must" | "should";
  readonly gist: string;
  readonly sub_items: readonly string[];
  readonly verify_by: readonly string[];
  readonly typical_evidence: readonly string[];
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

/** Load an office's own wording of the criteria. */
export function loadTexts(editionId: string, file: File): Promise<{ loaded: number }> {
  const mediaType = file.name.toLowerCase().endsWith(".json") ? "application/json" : "text/csv";
  return postBytes(`/editions/${editionId}/texts`, file, mediaType);
}
