SELECT r.business_id, r.run_id, r.kind, r.started_at, r.finished_at, epoch(r.finished_at - r.started_at) AS seconds, r.outcome, r.reason,
    r.hint, r.requests, r.retries, r.rows_in, r.rows_changed, r.rows_deleted
FROM {sync_run} r
WHERE r.finished_at <= $known_at
    AND ($outcome = '' OR r.outcome = $outcome)
ORDER BY r.finished_at DESC, r.business_id, r.run_id LIMIT $most
