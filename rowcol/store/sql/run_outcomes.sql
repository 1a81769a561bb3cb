SELECT r.outcome, count(*) AS runs FROM sync_run r
WHERE r.advisor_id = $advisor_id AND ($everyone OR r.business_id IN (SELECT unnest($ids::VARCHAR[]))) AND r.finished_at <= $known_at
GROUP BY r.outcome ORDER BY r.outcome
