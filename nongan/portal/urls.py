from django.urls import path

from nongan.portal import pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("results/", pages.results, name="results"),
    path("results/<str:number>/", pages.result, name="result"),
    path("look-up/", pages.look_up, name="look-up"),
    path("options/foods/", pages.food_options, name="food-options"),
    path("options/items/", pages.item_options, name="item-options"),
]
