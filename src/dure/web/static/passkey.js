// Passkeys between the browser and the API: JSON in, JSON out. `null` where the person closed the browser's question.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const described = list => (list ?? []).map(one => ({ ...one, id: bytes(one.id) }));

export const canPasskey = () => typeof PublicKeyCredential === 'function';

async function asked(what) {
  try { return await what(); } catch (error) { if (['NotAllowedError', 'AbortError'].includes(error.name)) return null; throw error; }
}

export const makePasskey = options => asked(async () => {
  const made = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  } });
  return { id: made.id, rawId: text(made.rawId), type: made.type,
    response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) } };
});

export const usePasskey = options => asked(async () => {
  const used = await navigator.credentials.get({ publicKey: {
    ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials),
  } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return { id: used.id, rawId: text(used.rawId), type: used.type, response: { clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } };
});
