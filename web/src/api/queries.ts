import { useQuery } from "@tanstack/react-query";
import { get, post, remove } from "./client";
import { queryClient } from "./queryClient";
import type { Account, EntityType, Language, Login, Member, MemberDetail, OfficeRole, Person, Site } from "./types";

/** A list as the server sends it. */
interface Items<Row> {
  items: Row[];
}

function useItems<Row>(key: readonly string[], path: string) {
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await get<Items<Row>>(path, signal)).items,
  });
}

function refresh(...key: string[]): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: key });
}

export function useLogins() {
  return useItems<Login>(["logins"], "/logins");
}

export async function revokeLogin(loginId: string): Promise<void> {
  await remove(`/logins/${loginId}`);
  await refresh("logins");
}

export function useAccounts(office?: OfficeRole) {
  return useItems<Account>(["accounts", office ?? "all"], office ? `/accounts?office_role=${office}` : "/accounts");
}

export interface NewAccount {
  email: string;
  name: string;
  office_role: OfficeRole;
  member_id: string | null;
  language: Language;
}

/** The new account with its single-use sign-in link, which is shown this once. */
export interface AddedAccount {
  account: Account;
  link: string;
  link_expires_at: string;
}

export async function addAccount(account: NewAccount): Promise<AddedAccount> {
  const added = await post<AddedAccount>("/accounts", account);
  await refresh("accounts");
  return added;
}

export function useMembers() {
  return useItems<Member>(["members"], "/members");
}

export function useMember(memberId: string) {
  return useQuery({
    queryKey: ["members", memberId],
    queryFn: ({ signal }) => get<MemberDetail>(`/members/${memberId}`, signal),
    enabled: memberId !== "",
  });
}

export async function addMember(member: {
  name: string;
  entity_types: EntityType[];
  account_number: string;
}): Promise<Member> {
  const added = await post<Member>("/members", member);
  await refresh("members");
  return added;
}

export async function addSite(
  memberId: string,
  site: { name: string; address: string; country: string; time_zone: string },
): Promise<Site> {
  const added = await post<Site>(`/members/${memberId}/sites`, site);
  await refresh("members", memberId);
  return added;
}

export async function addPerson(
  memberId: string,
  person: { name: string; title: string; email: string; language: Language },
): Promise<Person> {
  const added = await post<Person>(`/members/${memberId}/people`, person);
  await refresh("members", memberId);
  return added;
}
