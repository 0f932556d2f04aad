"""The controls under `/_control/`: how tests and demonstrations set the scene and read what happened."""
