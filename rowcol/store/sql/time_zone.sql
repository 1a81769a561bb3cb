SELECT any_value(c.time_zone) FROM {companies} c
WHERE c.entity = 'CompanyInfo'
