SELECT m.business_id, max(m.log_position) AS books_position FROM {mirror_records} m
WHERE m.entity NOT IN ('BalanceSheet', 'AgedPayables', 'AgedReceivables')
GROUP BY m.business_id ORDER BY m.business_id
