"""The demo: the portal beside the sandbox, a merchant onboarded, and the main job played through and told."""
