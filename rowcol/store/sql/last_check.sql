SELECT arg_max(t.report_date, t.checked_at), max(t.checked_at), arg_max(t.subject = 'unreadable', t.checked_at) FROM {tie_out_checks} t
WHERE t.checked_at <= $known_at
