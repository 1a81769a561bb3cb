SELECT b.business_id, b.realm_id, b.name, b.connected_at, b.disconnected_at FROM {businesses} b ORDER BY b.business_id
