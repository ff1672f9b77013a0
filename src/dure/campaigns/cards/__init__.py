"""Cards and banners inside a site or an app: kept here until it asks for them."""
