locals {
  urls = { api = module.orders_api.invoke_urls["alpha"], notifications = module.notifications.url }
}

output "config_js" {
  description = "What config.js has to say for the page to find both."
  value       = "window.kitchen = ${jsonencode(local.urls)};\n"
}

output "invoke_urls" {
  description = "Stage => URL of the API that takes orders."
  value       = module.orders_api.invoke_urls
}

output "notifications_url" {
  description = "URL of the WebSocket that says when an order is ready: wss://..."
  value       = module.notifications.url
}
