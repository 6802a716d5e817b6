import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemPage } from "./Problem";
import { Waiting } from "./Waiting";

/** What a query brought; before that a waiting line, and a problem with a way to try again. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ProblemPage error={query.error} retry={() => query.refetch()} />;
  return <Waiting />;
}
