SELECT r.business_id, TRY_CAST(r.qbo_id AS DATE) AS report_date, r.subject_id AS account_id, r.amount_cents
FROM {report_totals} r WHERE r.entity = 'BalanceSheet'
ORDER BY r.business_id, report_date, account_id
