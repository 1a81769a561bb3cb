SELECT m.business_id, max(m.log_position) AS books_position FROM mirror_records m
WHERE m.advisor_id = $advisor_id AND ($everyone OR m.business_id IN (SELECT unnest($ids::VARCHAR[]))) AND m.entity NOT IN ('BalanceSheet', 'AgedPayables', 'AgedReceivables')
GROUP BY m.business_id ORDER BY m.business_id
