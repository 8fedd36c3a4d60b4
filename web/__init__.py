"""Pages and doors: server-rendered, over what the rooms below can do."""
