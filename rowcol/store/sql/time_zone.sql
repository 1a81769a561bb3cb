SELECT any_value(c.time_zone) FROM {companies} c
WHERE c.advisor_id = $advisor_id AND ($everyone OR c.business_id IN (SELECT unnest($ids::VARCHAR[]))) AND c.entity = 'CompanyInfo'
