// How long a text is as its network counts it; the same as the server's `networks.length`.
const narrow = at => at <= 4351 || (at >= 8192 && at <= 8205) || (at >= 8208 && at <= 8223) || (at >= 8242 && at <= 8247);

// `network` as the API tells it; `beside` is a link that the composer takes beside the text, or ''.
export function lengthOn(network, text, beside = '') {
  const whole = (beside ? text + ' ' + beside : text).normalize('NFC');
  const links = network.link ? whole.match(/https?:\/\/\S+/g) ?? [] : [];
  const rest = [...(network.link ? whole.replace(/https?:\/\/\S+/g, '') : whole)];
  const counted = network.wide ? rest.reduce((sum, one) => sum + (narrow(one.codePointAt(0)) ? 1 : 2), 0) : rest.length;
  return counted + network.link * links.length;
}

// Where the network's own composer opens with this text; '' where it has none.
export function composerOf(network, text, url, host) {
  if (!network.composer || (network.composer.includes('{host}') && !host)) return '';
  const held = { text: encodeURIComponent(text), url: encodeURIComponent(url), host };
  return network.composer.replace(/\{(text|url|host)\}/g, (_, name) => held[name]);
}

export const takesLink = network => network.composer.includes('{url}');
