/**
 * Return the token in the fragment of the address and take it out of the address bar and history.
 *
 * A fragment never reaches a server or its log; a token that stayed visible would reach a screenshot.
 */
export function takeTokenFromAddress(): string {
  const token = decodeURIComponent(window.location.hash.slice(1));
  if (token) window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
}
