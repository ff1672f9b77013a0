"""The ways a workspace sells along, stage by stage."""
