SELECT b.business_id, b.realm_id, CASE WHEN b.name <> b.realm_id THEN b.name
        ELSE coalesce(any_value(c.name) FILTER (c.entity = 'CompanyInfo'), b.name) END AS name,
    any_value(c.home_currency) FILTER (c.entity = 'Preferences') AS home_currency,
    any_value(c.time_zone) FILTER (c.entity = 'CompanyInfo') AS time_zone,
    b.connected_at, b.disconnected_at
FROM {businesses} b LEFT JOIN {companies} c ON c.business_id = b.business_id
GROUP BY b.business_id, b.realm_id, b.name, b.connected_at, b.disconnected_at ORDER BY b.business_id
