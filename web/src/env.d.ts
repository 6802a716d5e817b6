declare module "*.po" {
  import type { Messages } from "@lingui/core";
  export const messages: Messages;
}

/** Path data on a 24 by 24 grid, made by build/icons.ts. */
declare module "icon:*" {
  const outline: string;
  export default outline;
}
