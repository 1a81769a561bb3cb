SELECT r.business_id, TRY_CAST(r.qbo_id AS DATE) AS report_date, r.subject_id AS account_id, r.amount_cents
FROM {report_totals} r JOIN {balances} a ON a.business_id = r.business_id AND a.qbo_id = r.subject_id
WHERE r.entity = 'BalanceSheet' AND a.account_type IN ('Bank', 'Credit Card')
ORDER BY r.business_id, report_date, account_id
