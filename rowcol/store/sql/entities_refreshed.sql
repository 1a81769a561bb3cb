SELECT entity, refreshed_at FROM entity_freshness WHERE advisor_id = $advisor_id AND business_id = $business_id
