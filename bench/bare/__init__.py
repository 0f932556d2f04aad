"""The bare view that incoming SMS are compared with: one look-up and one INSERT in one transaction, nothing else."""
