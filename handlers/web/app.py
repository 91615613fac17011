"""The web application: pages for people, and what looks after the machine. Whatever it needs is handed in."""

from importlib import import_module
from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.staticfiles import StaticFiles

from bot.core.company_account import Company
from handlers.web import (
    account,
    after_event,
    begin,
    chat,
    codes,
    contracts,
    event_door,
    feed,
    handover,
    health,
    introduce,
    leaflet,
    link,
    loan_steps,
    loans,
    notes,
    notice,
    own_data,
    posted,
    record,
    report,
    statements,
    stop,
    works,
)
from handlers.web.api import audit as api_audit
from handlers.web.api import document
from handlers.web.api import events as api_events
from handlers.web.api import hooks as api_hooks
from handlers.web.api import houses as api_houses
from handlers.web.api import imports as api_imports
from handlers.web.api import works as api_works
from handlers.web.api.pace import Pace
from handlers.web.api.problem import of_api
from handlers.web.errors import add_error_pages
from handlers.web.headers import Protection
from handlers.web.in_place import InPlace
from handlers.web.intake import page as intake
from handlers.web.keeping import Keeping
from handlers.web.limits import Limits, without_null
from handlers.web.site import Site
from handlers.web.staff import (
    away,
    batches,
    cases,
    companies,
    correction,
    desk,
    events,
    guarantees,
    handovers,
    hooks,
    houses,
    letters,
    looks,
    mailed,
    many,
    near,
    owners,
    pauses,
    people,
    portfolio,
    preview,
    register,
    restored,
    shadow,
    sheets,
    signing_in,
    slip,
    team,
)
from handlers.web.staff import loans as staff_loans
from handlers.web.staff import notes as staff_notes
from handlers.web.staff import statements as staff_statements
from handlers.web.traced import Traced, named
from handlers.web.tries import Tries
from handlers.web.webhooks import webhook_routes

EVERYWHERE = (Depends(without_null), Depends(named))
STATIC = Path(__file__).with_name("static")
ROUTES = (
    health,
    chat,
    posted,
    link,
    loan_steps,
    loans,
    own_data,
    account,
    after_event,
    api_houses,
    api_works,
    api_imports,
    api_events,
    api_hooks,
    api_audit,
    event_door,
    document,
    record,
    notes,
    statements,
    report,
    notice,
    introduce,
    intake,
    handover,
    works,
    codes,
    feed,
    leaflet,
    begin,
    contracts,
    stop,
    signing_in,
    mailed,
    team,
    away,
    looks,
    desk,
    many,
    cases,
    letters,
    batches,
    slip,
    sheets,
    pauses,
    restored,
    shadow,
    companies,
    handovers,
    guarantees,
    hooks,
    register,
    events,
    correction,
    houses,
    staff_notes,
    staff_statements,
    staff_loans,
    owners,
    near,
    people,
    portfolio,
    preview,
)


def add_company_login(app: FastAPI, site: Site, company: Company) -> None:
    """The way over the provider, and the cookie that remembers in between what was asked of it."""
    routes = import_module("handlers.web.staff.company_login")  # loading it takes 65 ms, and few have a provider
    app.include_router(routes.company_routes(company))
    app.add_middleware(
        SessionMiddleware,
        secret_key=site.links.secret("company login"),
        session_cookie="engawa_company",
        path="/staff/company",
        max_age=600,
        same_site="lax",
        https_only=site.secure,
    )


def site_app(site: Site) -> FastAPI:
    """The application; it starts nothing and owns nothing."""
    app = FastAPI(title="Engawa", docs_url=None, redoc_url=None, openapi_url=None, dependencies=EVERYWHERE)
    app.state.site = site
    app.state.keeping = Keeping(site.store, site.now)
    app.state.pace = Pace(site.elapsed, site.machine_now)
    app.state.api = [route for module in ROUTES for route in module.routes.routes if of_api(route)]
    app.state.looks = Tries(intake.MOST_LOOKS)
    app.include_router(webhook_routes(site.doors))  # first: nothing is asked for so often, and routes are tried in turn
    for module in ROUTES:
        app.include_router(module.routes)
    if site.company is not None:
        add_company_login(app, site, site.company)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_error_pages(app)
    app.add_middleware(InPlace)
    app.add_middleware(Limits)
    app.add_middleware(Protection, secure=site.secure)
    app.add_middleware(Traced)
    return app
