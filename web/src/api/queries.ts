import { useQuery } from "@tanstack/react-query";
import { bodyOf, wire } from "./client";
import { queryClient } from "./queryClient";
import type {
  Account,
  AddedAccount,
  Login,
  Member,
  MemberDetail,
  NewAccount,
  NewMember,
  NewPerson,
  NewSite,
  Person,
  Site,
} from "./types";

function refresh(...key: string[]): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: key });
}

export function useLogins() {
  return useQuery({
    queryKey: ["logins"],
    queryFn: async ({ signal }): Promise<Login[]> => (await bodyOf(wire.GET("/api/logins", { signal }))).items,
  });
}

export async function revokeLogin(loginId: string): Promise<void> {
  await wire.DELETE("/api/logins/{login_id}", { params: { path: { login_id: loginId } } });
  await refresh("logins");
}

export function useAccounts() {
  return useQuery({
    queryKey: ["accounts"],
    queryFn: async ({ signal }): Promise<Account[]> => (await bodyOf(wire.GET("/api/accounts", { signal }))).items,
  });
}

export async function addAccount(account: NewAccount): Promise<AddedAccount> {
  const added = await bodyOf(wire.POST("/api/accounts", { body: account }));
  await refresh("accounts");
  return added;
}

/** Members by name; `enabled` is false for an office that may not read them. */
export function useMembers(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["members"],
    queryFn: async ({ signal }): Promise<Member[]> => (await bodyOf(wire.GET("/api/members", { signal }))).items,
  });
}

export function useMember(memberId: string) {
  return useQuery({
    queryKey: ["members", memberId],
    queryFn: ({ signal }): Promise<MemberDetail> =>
      bodyOf(wire.GET("/api/members/{member_id}", { params: { path: { member_id: memberId } }, signal })),
    enabled: memberId !== "",
  });
}

export async function addMember(member: NewMember): Promise<Member> {
  const added = await bodyOf(wire.POST("/api/members", { body: member }));
  await refresh("members");
  return added;
}

export async function addSite(memberId: string, site: NewSite): Promise<Site> {
  const params = { path: { member_id: memberId } };
  const added = await bodyOf(wire.POST("/api/members/{member_id}/sites", { params, body: site }));
  await refresh("members", memberId);
  return added;
}

export async function addPerson(memberId: string, person: NewPerson): Promise<Person> {
  const params = { path: { member_id: memberId } };
  const added = await bodyOf(wire.POST("/api/members/{member_id}/people", { params, body: person }));
  await refresh("members", memberId);
  return added;
}
