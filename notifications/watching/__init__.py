"""What the watcher looks at, room by room; `notifications.watch` puts it together."""
