from django.urls import path

from nongan.standards.pages import commodities, editions, limits, lists, look_up, options

app_name = "standards"
urlpatterns = [
    path("look-up/", look_up.look_up, name="look-up"),
    path("limits/", lists.limits, name="limits"),
    path("limits/new/", limits.new_limit, name="new-limit"),
    path("limits/<int:limit_id>/", limits.limit, name="limit"),
    path("limits/<int:limit_id>/change/", limits.change_limit, name="change-limit"),
    path("limits/<int:limit_id>/end/", limits.end_limit, name="end-limit"),
    path("bans/", lists.bans, name="bans"),
    path("commodities/", commodities.commodities, name="commodities"),
    path("commodities/<str:code>/", commodities.commodity, name="commodity"),
    path("analytes/", lists.analytes, name="analytes"),
    path("analytes/<str:code>/", lists.analyte, name="analyte"),
    path("editions/", editions.editions, name="editions"),
    path("editions/<int:edition_id>/", editions.edition, name="edition"),
    path("editions/<int:edition_id>/end/", editions.end_edition, name="end-edition"),
    path("options/commodities/", options.commodity_options, name="commodity-options"),
    path("options/analytes/", options.analyte_options, name="analyte-options"),
]
