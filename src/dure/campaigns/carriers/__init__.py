"""The ways out to people: e-mail, pushes, SMS, cards, webhooks, posts; and which providers a workspace has."""
