SELECT r.business_id, max(r.finished_at) FILTER (r.outcome = 'done') AS synced_at,
    arg_max(r.outcome, r.finished_at) AS outcome, arg_max(r.reason, r.finished_at) AS reason,
    arg_max(r.hint, r.finished_at) AS hint, max(r.finished_at) AS finished_at
FROM {sync_run} r WHERE r.finished_at <= $known_at
GROUP BY r.business_id ORDER BY r.business_id
