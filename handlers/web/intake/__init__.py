"""Taking in what companies send: the one way that every door goes, and the page of a company's own."""
