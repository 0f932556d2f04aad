"""Every screen in one table, to be photographed (`make screenshots`) and measured (`make pages`)."""
