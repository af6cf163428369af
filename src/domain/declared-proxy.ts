/** A proxy in an input, which state shows, so that it has no password. An empty text switches the proxy off. */
export const DECLARED_PROXY = /^(?:(?:https?:\/\/)?[^\s/@]+\/?)?$/i;

/** Form of an input with a proxy, for messages. */
export const DECLARED_PROXY_FORM =
  'must be the URL of a proxy, http or https, without a user name and a password: state would show them, so put such a URL into HTTPS_PROXY or the secret aws:httpsProxy';
