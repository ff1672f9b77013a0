"""Ways in: passwords, second factors, passkeys, providers, invitations; and the sessions that they begin."""
