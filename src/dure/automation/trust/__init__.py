"""Why people may rely on automations: versions and their differences, texts that come and go."""
