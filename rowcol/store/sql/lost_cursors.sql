SELECT l.entity, max(r.started_at) AS read_through
FROM sync_run r JOIN (
    SELECT entity, min(observed_at) AS first_observed_at FROM integration_log
    WHERE advisor_id = $advisor_id AND business_id = $business_id AND direction = 'INBOUND' GROUP BY entity
) l ON l.first_observed_at <= r.finished_at
WHERE r.advisor_id = $advisor_id AND r.business_id = $business_id AND r.outcome = 'done'
GROUP BY l.entity
