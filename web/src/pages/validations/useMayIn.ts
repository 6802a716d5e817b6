import { useValidation } from "../../api/validations";
import { may, type Permission } from "../../live/permissions";

/** Ask what the signed-in person may do in a validation; nothing until their role there is known. */
export function useMayIn(validationId: string): (permission: Permission) => boolean {
  const role = useValidation(validationId).data?.role;
  return (permission) => role !== undefined && may(role, permission);
}
