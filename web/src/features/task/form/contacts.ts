/** Whether a text can be an e-mail address or a telephone number: the rules of the server. */
const LOCAL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const DOMAIN_LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const PHONES = [
  /^(?:\+86|0086|86)?1[3-9][0-9]{9}$/,
  /^(?:(?:\+86|0086)0?|0)[1-9][0-9]{1,2}[1-9][0-9]{6,7}(?:[#*x转][0-9]{1,6})?$/,
  /^[2-9][0-9]{6,7}(?:[#*x转][0-9]{1,6})?$/,
  /^[48]00[0-9]{7}$/,
  /^(?:1[0-9]{2,4}|9[0-9]{4})$/,
  /^(?:\+|00)(?!86)[1-9][0-9]{6,14}$/,
];

export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0 || text.length > 254) return false;
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split(".");
  return (
    LOCAL.test(local) &&
    !local.startsWith(".") &&
    !local.endsWith(".") &&
    !local.includes("..") &&
    labels.length >= 2 &&
    labels.every((label) => DOMAIN_LABEL.test(label))
  );
}

export function isPhone(text: string): boolean {
  const bare = text.trim().replace(/[ \-()（）－]/g, "");
  return text.length <= 40 && PHONES.some((pattern) => pattern.test(bare));
}
