SELECT c.business_id, any_value(c.name) FILTER (c.entity = 'CompanyInfo') AS name,
    any_value(c.home_currency) FILTER (c.entity = 'Preferences') AS home_currency,
    any_value(c.time_zone) FILTER (c.entity = 'CompanyInfo') AS time_zone
FROM {companies} c GROUP BY c.business_id
