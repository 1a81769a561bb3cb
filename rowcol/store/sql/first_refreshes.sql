SELECT r.business_id, min(r.finished_at) AS refreshed_at FROM {sync_run} r
WHERE r.outcome = 'done' AND r.finished_at <= $known_at
GROUP BY r.business_id ORDER BY r.business_id
