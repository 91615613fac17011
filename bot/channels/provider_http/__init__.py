"""The machines of providers of house histories: JSON over HTTP, as docs/provider-api.json tells what is expected."""
