// The queries of sales figures.
import { Cost, ListSize, weights } from '@crm-graph/shared/graphql/cost';
import { type Money } from '@crm-graph/shared/graphql/Money';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { askFigures } from './askFigures.ts';
import {
  type Measures,
  maxMonths,
  monthFigures,
  ownerFigures,
  productFigures,
  summaryFigures,
} from './computeFigures.ts';
import { RankedSalesArgs, SalesArgs } from './SalesArgs.ts';
import { MonthSales, OwnerSales, ProductSales, SalesSummary } from './SalesFigures.ts';

@Resolver()
export class SalesResolver {
  @Cost(weights.figures)
  @Query(() => SalesSummary, {
    description:
      'Sales figures: deals won and lost by their day of closing within the period, and deals open now. All are of one currency; figures are at most seconds behind the deals.',
  })
  async salesSummary(
    @Args(() => SalesArgs) args: SalesArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<SalesSummary> {
    const { value, cursor } = await askFigures(
      context,
      'salesSummary',
      args,
      async (manager, question) => {
        const { currency, currencies } = question;
        const measures = await summaryFigures(manager, question);
        const otherCurrencies = currencies.filter((code) => code !== currency);
        return { ...inCurrency(measures, currency), currency, otherCurrencies };
      },
    );
    return { ...value, cursor };
  }

  @Cost(weights.figures)
  @ListSize({ slicingArguments: ['first'], assumedSize: 100 })
  @Query(() => [OwnerSales], {
    description: 'The figures of `salesSummary` by owner, the highest value won first.',
  })
  async salesByOwner(
    @Args(() => RankedSalesArgs) args: RankedSalesArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<OwnerSales[]> {
    const { value } = await askFigures(context, 'salesByOwner', args, async (manager, question) => {
      const rows = await ownerFigures(manager, question, args.first);
      return rows.map(({ ownerId, ...measures }) => ({
        ...inCurrency(measures, question.currency),
        owner: ownerId === null ? null : { id: ownerId },
      }));
    });
    return value;
  }

  @Cost(weights.figures)
  @ListSize({ slicingArguments: ['first'], assumedSize: 100 })
  @Query(() => [ProductSales], {
    description: 'Sales figures by product, the highest value won first.',
  })
  async salesByProduct(
    @Args(() => RankedSalesArgs) args: RankedSalesArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<ProductSales[]> {
    const { value } = await askFigures(
      context,
      'salesByProduct',
      args,
      async (manager, question) => {
        const rows = await productFigures(manager, question, args.first);
        return rows.map(({ productId, wonValue, ...figures }) => ({
          ...figures,
          product: { id: productId },
          wonValue: { amount: wonValue, currency: question.currency },
        }));
      },
    );
    return value;
  }

  @Cost(weights.figures)
  @ListSize({ assumedSize: maxMonths })
  @Query(() => [MonthSales], {
    description:
      'Sales figures by month of closing, from the first to the last month in which a deal was closed, at most 600.',
  })
  async salesByMonth(
    @Args(() => SalesArgs) args: SalesArgs,
    @Ctx() context: SubgraphContext,
  ): Promise<MonthSales[]> {
    const { value } = await askFigures(context, 'salesByMonth', args, async (manager, question) => {
      const rows = await monthFigures(manager, question);
      return rows.map((row) => inCurrency(row, question.currency));
    });
    return value;
  }
}

type MoneyMeasure = 'openValue' | 'wonValue' | 'lostValue';
type InCurrency<M extends Measures> = Omit<M, MoneyMeasure | 'averageDealSize'> &
  Record<MoneyMeasure, Money> & { averageDealSize: Money | null };

/** Sums become Money of the currency that was asked for. */
function inCurrency<M extends Measures>(measures: M, currency: string): InCurrency<M> {
  const { openValue, wonValue, lostValue, averageDealSize } = measures;
  return {
    ...measures,
    openValue: { amount: openValue, currency },
    wonValue: { amount: wonValue, currency },
    lostValue: { amount: lostValue, currency },
    averageDealSize: averageDealSize === null ? null : { amount: averageDealSize, currency },
  };
}
