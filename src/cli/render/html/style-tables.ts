/** Of tables that stand in each of thousands of tenants: what their columns are is said here once, and not in each cell. */
export const TABLES = `
.changes :is(td,th):is(:nth-child(3),:nth-child(6)){text-align:right}
.changes :is(td,th):is(:nth-child(n+3):nth-child(-n+6)){white-space:nowrap;font-variant-numeric:tabular-nums}
.journal td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}
@media(min-width:40.01rem){.changes :is(td,th):first-child{min-width:13rem}}
@media(max-width:40rem){
.changes td:nth-child(3):not(:empty)::before{content:"guide ";color:var(--soft)}
.changes td:nth-child(6)::before{content:"tries ";color:var(--soft)}
}
`;
