SELECT t.business_id, t.checked_at, t.report_date, t.subject, t.party_id, t.party, t.ours_cents, t.qbo_cents,
    t.ours_cents - t.qbo_cents AS difference_cents
FROM {tie_out_checks} t WHERE t.checked_at <= $known_at
QUALIFY t.checked_at = max(t.checked_at) OVER (PARTITION BY t.business_id)
ORDER BY t.business_id, t.subject, t.party_id
