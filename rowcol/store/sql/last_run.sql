SELECT started_at, finished_at, outcome, reason, hint FROM sync_run
WHERE advisor_id = $advisor_id AND business_id = $business_id AND finished_at >= $since
ORDER BY finished_at DESC, run_id LIMIT 1
